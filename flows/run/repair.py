"""Repair: text that UTF-8 cannot say, made sayable before it is kept or sent."""

from __future__ import annotations

import json

import msgspec

from flows.trace.events import Record, decode_record, encode_record


def repair_record(record: Record) -> Record:
    """Return the record with halves of characters replaced by "?".

    A model's server may cut an emoji in two between pieces of text; JSON allows that, UTF-8 not.
    """
    try:
        encode_record(record)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(record), ensure_ascii=False)
        return decode_record(text.encode("utf-8", errors="replace"))
    return record
