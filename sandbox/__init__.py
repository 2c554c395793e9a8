"""A pretend Slack to rehearse a bot in, joined to it only by HTTP and a socket."""

from sandbox.faults import Fault, Faults
from sandbox.outcome import Delivery
from sandbox.refusals import NotThere
from sandbox.remote import RemoteSandbox
from sandbox.sandbox import Sandbox
from sandbox.seat import Seat
from sandbox.views import View
from sandbox.wire import Complaint, Record
from sandbox.workspace import Channel, Message, Person

__all__ = [
    "Channel",
    "Complaint",
    "Delivery",
    "Fault",
    "Faults",
    "Message",
    "NotThere",
    "Person",
    "Record",
    "RemoteSandbox",
    "Sandbox",
    "Seat",
    "View",
]
