"""What an operator can set, by environment variable or in a file `.env`; `.env.example` lists it all.

`load` is called once, at the start of a command; everything else gets the frozen object passed in.
"""

import difflib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

import phonenumbers
import platformdirs
from cryptography.fernet import Fernet
from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.networks import IPvAnyNetwork, validate_email
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from standby.jobs import queues
from standby.jobs.queues import Rules

PREFIX: Final = "STANDBY_"
ENV_FILE: Final = Path(".env")


class SettingsError(Exception):
    """Some settings can't be used; the message names all of them and says what to do."""


def _like(example: str, *schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        if urlsplit(url).scheme not in schemes:
            raise ValueError(f"should be a URL like {example}")
        return url

    return AfterValidator(check)


def _no_slash(url: str) -> str:
    return url.rstrip("/")


def _smtp(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("should be a URL like smtp://user:password@host:587?starttls=1")
    return url


def _mailbox(address: str) -> str:
    validate_email(address)
    return address


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("should be a country's two letters, like NO or GB")
    return code


def _at_least(least: int) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value().encode()) < least:
            raise ValueError(
                f"should be at least {least} bytes of chance: try `openssl rand -base64 {least}`"
            )
        return secret

    return AfterValidator(check)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return (
        [part.strip().lower() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _parted(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _fernet(key: SecretStr) -> SecretStr:
    try:
        Fernet(key.get_secret_value())
    except ValueError:
        raise ValueError(
            "should be 32 bytes in URL-safe base64: try `openssl rand -base64 32 | tr +/ -_`"
        ) from None
    return key


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


PostgresUrl = Annotated[str, _like("postgresql://user:password@host/standby", "postgresql", "postgres")]
WebUrl = Annotated[str, _like("https://book.example.com", "http", "https"), AfterValidator(_no_slash)]
Seconds = Annotated[float, Field(gt=0)]
Concurrency = Annotated[int, Field(ge=1, le=1000)]
Retrying = Annotated[str, Field(pattern=queues.RETRY)]
Retention = Annotated[str, Field(pattern=queues.RETENTION)]


def _concurrency(name: str, default: int, what: str, more: str = "") -> Any:
    return Field(
        default=default,
        validation_alias=f"{name}_CONCURRENCY",
        description=f"How many {what} one worker has under way at a time.{more}",
    )


def _retry(name: str, default: str, what: str) -> Any:
    return Field(
        default=default,
        validation_alias=f"{name}_RETRY",
        description=f"How often {what} that failed is tried again, and when: 3/1s*2 is three times, "
        "after 1, 2 and 4 s.",
    )


def _retention(name: str, default: str, what: str) -> Any:
    return Field(
        default=default,
        validation_alias=f"{name}_RETENTION",
        description=f"What is kept of {what}: 100/1h,1000/7d is of those that are done the last 100, for an hour, and "
        "of those that failed the last 1,000, for a week.",
    )


class Settings(BaseSettings):
    """One installation's settings. A description says the unit, and what having no value means."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",  # `load` names unknown settings itself, in the environment too.
        frozen=True,
        validate_by_name=True,
    )

    database_url: PostgresUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The PostgreSQL database, version 15 or later, as postgresql://user:password@host/name. "
        "Empty: Standby runs a PostgreSQL of its own in the data directory.",
    )
    data_dir: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=lambda: platformdirs.user_data_path("standby"),
        description="The directory for what Standby itself keeps: its own database and the secret key it made. "
        "Empty: the user's directory for data, on Linux ~/.local/share/standby.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on; 0.0.0.0 is every one.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 is any free one.")
    public_url: WebUrl = Field(
        default_factory=lambda known: f"http://127.0.0.1:{known.get('port') or 8000}",
        description="Where customers reach Standby; links in messages begin with it. "
        "Empty: this machine, at the port above, which nobody else can open.",
    )
    secret_key: Annotated[SecretStr, _at_least(32)] | None = Field(
        default=None,
        description="Signs sign-ins and tokens; 32 bytes or more, and the same for every process. "
        "Empty: one is made and kept in the data directory, which serves a single machine only.",
    )
    old_secret_keys: Annotated[
        tuple[Annotated[SecretStr, _at_least(32)], ...], NoDecode, BeforeValidator(_parted)
    ] = Field(
        default_factory=tuple,
        description="Secret keys from before, with commas between them: tokens and links that they have signed are "
        "still taken. To change the key, put the old one here, and take it away a month later. Empty: none.",
    )
    cron_key: Annotated[SecretStr, _at_least(16)] | None = Field(
        default=None,
        description="What an outside scheduler sends as x-cron-key to POST /api/lifecycle/process; 16 bytes or more. "
        "Empty: that address refuses everybody.",
    )
    pool_size: int = Field(
        default=10,
        ge=2,
        description="The most database connections of one process for requests and jobs; a worker holds them all. "
        "Each process has up to 4 besides, a worker 5 more, and one that has live streams one more.",
    )
    live_streams: int = Field(
        default=200,
        ge=0,
        description="The most live streams (GET /api/events) that one process has open for one salon. 0: none.",
    )
    live_check_seconds: Seconds = Field(
        default=20.0,
        description="How often, in seconds, it is asked whether who reads a live stream still may.",
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = Field(
        default="console", description="console is for people to read, json for programs."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        default="info", description="The least of debug, info, warning and error that is logged."
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = Field(
        default=None,
        description="The server that takes email, as smtp://user:password@host:587?starttls=1 or smtps://…:465. "
        "It serves the salons that have no sender of their own (standby channel set). Empty: nothing does.",
    )
    email_from: Annotated[str, AfterValidator(_mailbox)] | None = Field(
        default=None,
        description="The sender of email, as name@example.com or Name <name@example.com>. Needed with an SMTP server.",
    )
    whatsapp_api: WebUrl = Field(
        default="https://graph.facebook.com", description="Where WhatsApp's Cloud API is."
    )
    whatsapp_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = Field(
        default="v23.0", description="The version of the Graph API, for WhatsApp."
    )
    twilio_api: WebUrl = Field(
        default="https://api.twilio.com", description="Where Twilio's API is; other regions have their own."
    )
    sendgrid_api: WebUrl = Field(
        default="https://api.sendgrid.com",
        description="Where SendGrid's API is; in the EU https://api.eu.sendgrid.com.",
    )
    google_api: WebUrl = Field(
        default="https://www.googleapis.com", description="Where Google Calendar's API is."
    )
    google_accounts: WebUrl = Field(
        default="https://accounts.google.com", description="Where Google asks people for their consent."
    )
    google_oauth: WebUrl = Field(
        default="https://oauth2.googleapis.com", description="Where Google gives out tokens."
    )
    google_client_id: str | None = Field(
        default=None,
        description="The OAuth client that stands for this installation at Google (docs/calendars.md). "
        "Empty: Google calendars can't be linked.",
    )
    google_client_secret: SecretStr | None = Field(default=None, description="The secret of that client.")
    sealing_keys: Annotated[
        tuple[Annotated[SecretStr, AfterValidator(_fernet)], ...], NoDecode, BeforeValidator(_parted)
    ] = Field(
        default_factory=tuple,
        description="The keys, with commas between them, that seal the salons' credentials of providers in the "
        "database; the same for every process. The first seals, each opens: put a new one first, run "
        "`standby channel reseal`, and take the old ones away. Empty: one is made and kept in the data directory, "
        "which serves a single machine only.",
    )
    console_channels: Annotated[
        tuple[Literal["whatsapp", "sms", "email"], ...], NoDecode, BeforeValidator(_listed)
    ] = Field(
        default_factory=tuple,
        description="For trying things out: the channels, like whatsapp,sms,email, whose messages the worker prints on "
        "its terminal, links and all, in place of sending them. They count as sent, so who doesn't answer loses their "
        "turn. Empty: none; a channel without a provider is not used.",
    )
    message_lease_seconds: Seconds = Field(
        default=5.0,
        description="How long, in seconds, after the last sign of a worker the message that it was sending is taken "
        "for lost. A worker that is alive gives one every quarter of it.",
    )
    waitlist_expiry_concurrency: Concurrency = _concurrency("WAITLIST_EXPIRY", 5, "fills of free slots")
    waitlist_expiry_retry: Retrying = _retry("WAITLIST_EXPIRY", "3/1s*2", "a fill of a free slot")
    waitlist_expiry_retention: Retention = _retention(
        "WAITLIST_EXPIRY", "100/1h,1000/7d", "fills of free slots"
    )
    waitlist_notification_concurrency: Concurrency = _concurrency("WAITLIST_NOTIFICATION", 10, "messages")
    waitlist_notification_retry: Retrying = _retry("WAITLIST_NOTIFICATION", "3/1s*2", "a sending job")
    waitlist_notification_retention: Retention = _retention(
        "WAITLIST_NOTIFICATION", "200/24h,2000/7d", "messages"
    )
    waitlist_answer_concurrency: Concurrency = _concurrency("WAITLIST_ANSWER", 10, "requests of providers")
    waitlist_answer_retry: Retrying = _retry("WAITLIST_ANSWER", "3/1s*2", "a reading of a provider's request")
    waitlist_answer_retention: Retention = _retention(
        "WAITLIST_ANSWER", "200/24h,2000/7d", "requests of providers"
    )
    preference_calculation_concurrency: Concurrency = _concurrency(
        "PREFERENCE_CALCULATION", 2, "countings of preferences"
    )
    preference_calculation_retry: Retrying = _retry(
        "PREFERENCE_CALCULATION", "3/5s*2", "a counting of preferences"
    )
    preference_calculation_retention: Retention = _retention(
        "PREFERENCE_CALCULATION", "50/1h,500/7d", "countings of preferences"
    )
    booking_reminder_concurrency: Concurrency = _concurrency("BOOKING_REMINDER", 5, "reminders of bookings")
    booking_reminder_retry: Retrying = _retry("BOOKING_REMINDER", "5/5s*5", "a job that sends a reminder")
    booking_reminder_retention: Retention = _retention(
        "BOOKING_REMINDER", "100/1h,1000/7d", "reminders of bookings"
    )
    calendar_sync_concurrency: Concurrency = _concurrency(
        "CALENDAR_SYNC", 2, "bookings that are written to linked calendars"
    )
    calendar_sync_retry: Retrying = _retry("CALENDAR_SYNC", "3/1s*2", "a writing to a linked calendar")
    calendar_sync_retention: Retention = _retention(
        "CALENDAR_SYNC", "100/1h,1000/7d", "bookings that are written to linked calendars"
    )
    calendar_read_concurrency: Concurrency = _concurrency(
        "CALENDAR_READ", 8, "readings of linked calendars", " They mostly wait for others' servers."
    )
    calendar_read_retry: Retrying = _retry("CALENDAR_READ", "3/1s*2", "a reading of a linked calendar")
    calendar_read_retention: Retention = _retention(
        "CALENDAR_READ", "100/1h,1000/7d", "readings of linked calendars"
    )
    webhook_deliver_concurrency: Concurrency = _concurrency(
        "WEBHOOK_DELIVER", 5, "webhooks that are told of events", " They mostly wait for others' servers."
    )
    webhook_deliver_retry: Retrying = _retry("WEBHOOK_DELIVER", "3/1s*2", "a job that tells a webhook")
    webhook_deliver_retention: Retention = _retention(
        "WEBHOOK_DELIVER", "100/1h,1000/7d", "jobs that tell webhooks"
    )
    account_letter_concurrency: Concurrency = _concurrency("ACCOUNT_LETTER", 2, "mails about accounts")
    account_letter_retry: Retrying = _retry("ACCOUNT_LETTER", "3/1s*2", "a job that mails about an account")
    account_letter_retention: Retention = _retention(
        "ACCOUNT_LETTER", "100/1h,1000/7d", "mails about accounts"
    )
    book_import_concurrency: Concurrency = _concurrency("BOOK_IMPORT", 1, "imports of salons' books")
    book_import_retry: Retrying = _retry("BOOK_IMPORT", "3/1s*2", "an import of a salon's book")
    book_import_retention: Retention = _retention("BOOK_IMPORT", "100/1h,1000/7d", "imports of salons' books")
    queue_monitoring_enabled: bool = Field(
        default=True,
        validation_alias="QUEUE_MONITORING_ENABLED",
        description="Whether /admin/queues, /api/admin and /metrics are served.",
    )
    metrics_token: Annotated[SecretStr, _at_least(16)] | None = Field(
        default=None,
        description="What a Prometheus sends as bearer token to /metrics; 16 bytes or more. Empty: only this machine "
        "may ask, and nothing that a proxy passes on is answered.",
    )
    otlp_endpoint: WebUrl | None = Field(
        default=None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="The OpenTelemetry collector that traces are sent to by HTTP, like http://localhost:4318 "
        "(pip install 'standby[otel]'). Empty: there are none.",
    )
    queue_log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        default="info",
        validation_alias="QUEUE_LOG_LEVEL",
        description="The least of debug, info, warning and error that is logged of single jobs: info tells of each one "
        "that begins and ends. Nothing below STANDBY_LOG_LEVEL is.",
    )
    poll_seconds: float = Field(
        default=1.0,
        gt=0,
        le=2,  # announce_deadline.sql wakes the workers for what falls due within 2 s.
        description="How often, in seconds, a worker looks for what is due although nothing has woken it; at most 2.",
    )
    reconcile_seconds: Seconds = Field(
        default=5.0, description="How often, in seconds, a worker looks for what a crash left undone."
    )
    keep_customers_days: Annotated[int, Field(ge=30)] | None = Field(
        default=None,
        description="After how many days without an appointment, a wish or a reply customers are erased, 30 or more; "
        "what happened stays, and not who they were. Empty: never by itself.",
    )
    keep_audit_days: int = Field(
        default=1095, ge=30, description="How many days it is kept who changed what, 30 or more."
    )
    default_country: Annotated[str, BeforeValidator(_upper), AfterValidator(_country)] = Field(
        default="NO", description="The country, in two letters, of phone numbers written without a prefix."
    )

    allow_private_targets: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_parted)] = Field(
        default_factory=tuple,
        description="The private networks, like 10.1.0.0/16,192.168.1.5, that addresses given by salons may lead to: "
        "of calendars that are kept there, and of webhooks. Empty: none; only what is on the internet is asked.",
    )

    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_parted)] = Field(
        default_factory=tuple,
        description="The networks, like 10.0.0.0/8, of proxies in front of Standby that say in X-Forwarded-For whom "
        "they were asked by. Empty: nobody is believed, and who connects is who asks; behind a proxy all customers "
        "would then share the limit of one address.",
    )
    public_writes_per_address: int = Field(
        default=60,
        ge=0,
        description="How many times a minute one address (of IPv6: 64 bits of it) may write to the pages that need no "
        "sign-in: so many at once, then evenly. What is too much is answered 429. 0: any number.",
    )
    public_writes_per_person: int = Field(
        default=20, ge=0, description="The same of one customer's link or phone number."
    )
    public_writes_per_salon: int = Field(
        default=600, ge=0, description="The same of all customers of one salon."
    )

    public_requests_per_address: int = Field(
        default=600,
        ge=0,
        description="How many times a minute one address may ask one process for what needs no sign-in, looking "
        "included: evenly, and two seconds' worth at once. What is too much is answered 429 before anything is done. "
        "0: any number.",
    )
    public_requests_per_salon: int = Field(
        default=1800, ge=0, description="The same of all customers of one salon."
    )

    @model_validator(mode="after")
    def _email_has_a_sender(self) -> Self:
        if self.smtp_url and not self.email_from:
            raise ValueError(f"{PREFIX}SMTP_URL needs a sender: set {PREFIX}EMAIL_FROM too")
        return self

    @model_validator(mode="after")
    def _google_client_is_whole(self) -> Self:
        if (self.google_client_id is None) != (self.google_client_secret is None):
            raise ValueError(
                f"set both {PREFIX}GOOGLE_CLIENT_ID and {PREFIX}GOOGLE_CLIENT_SECRET, or neither"
            )
        return self

    def queue_rules(self) -> dict[str, Rules]:
        """The name of each queue → what is set for it."""
        return {queue.name: self._rules_of(queue) for queue in queues.QUEUES}

    def _rules_of(self, queue: queues.Queue) -> Rules:
        completed, failed = queues.read_retention(getattr(self, f"{queue.setting}_retention"))
        retry = queues.read_retry(getattr(self, f"{queue.setting}_retry"))
        return Rules(getattr(self, f"{queue.setting}_concurrency"), retry, completed, failed)

    def signing_key(self) -> str:
        """The secret key: the set one, or else the one in the data directory, made there the first time."""
        return (
            self.secret_key.get_secret_value()
            if self.secret_key
            else _kept_secret(self.data_dir / "secret.key", secrets.token_urlsafe(48))
        )

    def verifying_keys(self) -> list[str]:
        """The secret key, and those from before, whose tokens are still good."""
        return [self.signing_key(), *(key.get_secret_value() for key in self.old_secret_keys)]

    def seal_keys(self) -> list[str]:
        """The sealing keys: those that are set, or else the one in the data directory, made there the first time."""
        if self.sealing_keys:
            return [key.get_secret_value() for key in self.sealing_keys]
        return [_kept_secret(self.data_dir / "sealing.key", Fernet.generate_key().decode())]


def load(**given: object) -> "Settings":
    """The settings: `given` first (a command's options), then the environment, then `.env`, then the defaults.

    Raises SettingsError, once for everything that is wrong, unknown STANDBY_ names included.
    """
    problems = [_no_such(name) for name in _unknown_names()]
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        problems += [_explain(one) for one in error.errors()]
    else:
        if not problems:
            return settings
    lines = ["These settings need a change (.env.example describes each):", *problems]
    raise SettingsError("\n  ".join(lines))


def variable(field: str) -> str:
    """The environment variable of a field of Settings."""
    return str(Settings.model_fields[field].validation_alias or f"{PREFIX}{field.upper()}")


def _unknown_names() -> list[str]:
    known = {variable(field) for field in Settings.model_fields}
    names = {*os.environ, *dotenv_values(ENV_FILE)}
    return sorted(name for name in names if name.startswith(PREFIX) and name not in known)


def _no_such(name: str) -> str:
    near = difflib.get_close_matches(name, [variable(field) for field in Settings.model_fields], n=1)
    return f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _explain(error: ErrorDetails) -> str:
    """One line for one of pydantic's errors; shows the value unless it may be a secret."""
    what = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return what
    field = str(error["loc"][0]).lower()
    secret = field == "database_url" or field.endswith(("_key", "_keys", "_secret", "_token", "smtp_url"))
    return f"{variable(field)}{'' if secret else '=' + str(error['input'])}: {what}"


def _kept_secret(path: Path, new: str) -> str:
    """The secret in the file, which is `new` if there was none; of processes that make it at once one wins for all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # A finished file (mode 0600) is linked into place: nobody reads half a key or overwrites another's.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret.key.") as file:
            file.write(new)
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()
