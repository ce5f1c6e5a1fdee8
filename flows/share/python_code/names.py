"""Names: free Python names that read like the names of nodes."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
import unicodedata

_LONGEST = 28
_LONGEST_MODULE = 80
_RESERVED = frozenset(
    {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "self", "cls"}
    # what the program imports and defines
    | {"agents", "argparse", "asyncio", "collections", "json", "math", "openai", "os", "pydantic"}
    | {"re", "sys", "typing", "trace", "retry_policies", "get_default_model_settings"}
    | {"set_default_openai_api", "set_default_openai_client", "set_tracing_disabled", "main"}
    | {
        "run_flow",
        "ask",
        "limited_ask",
        "ask_next",
        "try_ask",
        "as_text",
        "as_json",
        "plain",
        "field_of",
    }
    | {"items_of", "blocks", "fold", "results_of", "successes", "survivors", "number_in"}
    | {"text_at", "named", "show", "first_results", "cast"}
    | {"T", "MODEL", "RETRY", "SETTINGS", "Annotated", "Any", "Awaitable", "BaseModel"}
    | {"ConfigDict", "Field", "Iterable", "Literal", "Sequence", "TypeVar", "Agent", "replace"}
    | {
        "AgentOutputSchema",
        "APIConnectionError",
        "AsyncOpenAI",
        "ItemHelpers",
        "ModelBehaviorError",
        "ModelSettings",
    }
    | {"ModelRetrySettings", "OpenAIChatCompletionsModel", "OpenAIResponsesModel", "Reasoning"}
    | {"Runner"}
    # what stands in the body of run_flow
    | {"slots", "errors", "error", "group", "tasks", "task", "calls", "done", "name", "output"}
    | {"results", "failed", "item", "index", "each"}
)

_NUMBERED = re.compile(r"(stage_\d+_slots|(limited_ask|ask_next|try_ask)_\d+)")
"""Names the program makes for stages."""


def module_name(said: str) -> str:
    """Name a file's module after a flow: `Best of three!` becomes `best_of_three`.

    It is none that a program imports: a file of that name would stand before it.
    """
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST_MODULE].strip("_") or "flow"
    if stem in {*sys.stdlib_module_names, *keyword.kwlist, "agents", "openai", "pydantic"}:
        return f"{stem}_flow"
    return stem if stem[0].isalpha() else f"flow_{stem}"


class Names:
    """The names of one program; each is given once."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)
        self._kinds: dict[str, str] = {}

    def variable(self, said: str, *, kind: str) -> str:
        """Make a free variable name: `Legal review` becomes `legal_review`.

        `kind`: the word that tells it from what has the name already: `input_text`.
        """
        plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
        stem = _cut(re.sub(r"[^a-z0-9]+", "_", plain)).strip("_") or "step"
        stem = stem if stem[0].isalpha() else f"step_{stem}"
        if stem in self._taken and self._kinds.get(stem) != kind:
            stem = f"{stem}_{kind}"
        name = self._free(stem)
        self._kinds[name] = kind
        return name

    def derived(self, variable: str) -> str:
        """Make a free name of a variable's name and a word more; none of it is cut off."""
        return self._free(variable)

    def type(self, said: str) -> str:
        """Make a free class name: `research plan` becomes `ResearchPlan`."""
        plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
        words = _cut(re.sub(r"[^A-Za-z0-9]+", "_", plain)).split("_")
        stem = "".join(word[:1].upper() + word[1:] for word in words) or "Output"
        return self._free(stem if stem[0].isalpha() else f"Output{stem}")

    def constant(self, said: str) -> str:
        """Make a free name of a constant: `my-server` becomes `MY_SERVER`."""
        stem = _cut(re.sub(r"[^A-Za-z0-9]+", "_", said)).strip("_").upper() or "VALUE"
        return self._free(stem)

    def _free(self, stem: str) -> str:
        if _NUMBERED.fullmatch(f"{stem}_2"):
            stem = f"{stem}_step"  # no number of it is free
        number, candidate = 1, stem
        while candidate in self._taken or _NUMBERED.fullmatch(candidate):
            number += 1
            candidate = f"{stem}_{number}"
        self._taken.add(candidate)
        return candidate


def _cut(joined: str) -> str:
    """Shorten words that are joined by `_`, where it can be behind a whole word."""
    words = joined.strip("_")
    short = words[:_LONGEST]
    is_whole = words[_LONGEST : _LONGEST + 1] in {"", "_"}
    return short if is_whole or "_" not in short else short.rpartition("_")[0]
