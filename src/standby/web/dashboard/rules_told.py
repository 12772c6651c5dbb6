"""What the rules come to, in sentences: when this appointment is cancelled, then … Pure."""

from dataclasses import dataclass
from datetime import datetime

from standby.formats import Formats
from standby.waitlist.foreseen import MOST, Ask, foreseen
from standby.waitlist.policy import Policy
from standby.web.words import Words


@dataclass(frozen=True)
class Example:
    """An appointment, and when it is cancelled; `service` "": the salon has none yet."""

    starts_at: datetime
    cancelled_at: datetime
    service: str


def told(
    policy: Policy, example: Example, asked: tuple[str, str] | None, formats: Formats, words: Words
) -> list[str]:
    """The story, sentence by sentence; `asked` is who would be asked first, and by which channel."""
    plan = foreseen(policy, formats.zone, example.starts_at, example.cancelled_at)
    when = f"{formats.date(example.starts_at)} {formats.time(example.starts_at)}"
    at = formats.moment(example.cancelled_at, example.starts_at)
    what = f"{when} ({example.service})" if example.service else when
    story = [words("rules.story.cancelled", what=what, at=at)]
    if not plan.asks:
        notice = formats.duration(policy.minimum_notice_seconds // 60)
        return [*story, words(f"rules.story.{plan.ends_by}", notice=notice), words("rules.story.by_hand")]
    first = plan.asks[0]
    if plan.waits_for:
        said = formats.moment(first.at, example.starts_at)
        story.append(words(f"rules.story.{plan.waits_for}", at=said))
    story.append(_asked(first, asked, policy, example, formats, words))
    story += _held(first, policy, example, formats, words)
    if len(plan.asks) > 1:
        last = formats.moment(plan.asks[-1].at, example.starts_at)
        count = str(len(plan.asks))
        key = "rules.story.next_many" if len(plan.asks) == MOST else "rules.story.next"
        story.append(words(key, at=formats.moment(first.until, example.starts_at), count=count, last=last))
    pause = formats.duration(policy.cooldown_seconds // 60)
    story.append(words("rules.story.cooldown" if pause else "rules.story.no_cooldown", pause=pause))
    story.append(
        words(
            "rules.story.misses" if policy.max_misses > 1 else "rules.story.miss",
            count=str(policy.max_misses),
        )
    )
    return story


def _asked(
    first: Ask,
    asked: tuple[str, str] | None,
    policy: Policy,
    example: Example,
    formats: Formats,
    words: Words,
) -> str:
    at = formats.moment(first.at, example.starts_at)
    if asked is None:
        return words("rules.story.asked", at=at, channel=words(f"rules.channel.{policy.channel_order[0]}"))
    name, channel = asked
    return words("rules.story.asked_first", at=at, name=name, channel=words(f"rules.channel.{channel}"))


def _held(first: Ask, policy: Policy, example: Example, formats: Formats, words: Words) -> list[str]:
    seconds = int((first.until - first.at).total_seconds())
    span = formats.duration(seconds // 60) or words("rules.story.seconds", seconds=str(seconds))
    said = [words("rules.story.held", span=span, until=formats.moment(first.until, example.starts_at))]
    if first.reminded_at is not None:
        at = formats.moment(first.reminded_at, example.starts_at)
        lead = formats.duration(policy.reminder_lead_seconds // 60) or words(
            "rules.story.seconds", seconds=str(policy.reminder_lead_seconds)
        )
        said.append(words("rules.story.reminded", at=at, lead=lead))
    return said
