"""How it looks in Slack: cards, modals and the App Home, drawn from what a challenge is."""
