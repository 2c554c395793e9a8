"""Settings, read once from the environment or a .env file."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", frozen=True, extra="ignore")

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///challenge.db"
    challenge_procedure: str = "darlington-2025-12"
    challenge_directory: str | None = None
    challenge_key: SecretStr
    log_level: str = "INFO"
    log_format: str = "json"
