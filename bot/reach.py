"""Whether Slack can be reached: said once when it is lost, and once when it is back."""

import aiohttp
import structlog

from bot.deeds import word_for

log = structlog.get_logger()

NOT_WELL = 500


class Reach:
    """Listens to every call that the bot makes, so that nobody who calls has to say it."""

    def __init__(self) -> None:
        self.is_lost = False

    def listener(self) -> aiohttp.TraceConfig:
        """For the session through which the bot calls."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._failed)
        return trace

    async def _answered(self, _: object, __: object, call: aiohttp.TraceRequestEndParams) -> None:
        if call.response.status >= NOT_WELL:
            self._lost(f"http_{call.response.status}")
        elif self.is_lost:
            self.is_lost = False
            log.info("Slack is back")

    async def _failed(
        self, _: object, __: object, call: aiohttp.TraceRequestExceptionParams
    ) -> None:
        # A call that we gave up ourselves, as at the end, says nothing about Slack.
        if isinstance(call.exception, aiohttp.ClientError | OSError | TimeoutError):
            self._lost(word_for(call.exception))

    def _lost(self, why: str) -> None:
        if not self.is_lost:
            self.is_lost = True
            log.warning("Slack cannot be reached; trying again", why=why)
