"""Names: free Python names that read like the names of nodes."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

_LONGEST = 40
_RESERVED = frozenset(
    {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "self", "cls"}
    # what the program imports and defines
    | {"agents", "argparse", "asyncio", "collections", "json", "math", "openai", "os", "pydantic"}
    | {"re", "sys", "typing", "trace", "retry_policies", "get_default_model_settings"}
    | {"set_default_openai_api", "set_default_openai_client", "set_tracing_disabled", "main"}
    | {"run_flow", "ask", "limited_ask", "ask_next", "try_ask", "as_text", "plain", "field_of"}
    | {"items_of", "blocks", "fold", "results_of", "successes", "survivors", "number_in"}
    | {"text_at", "named", "show", "first_results", "cast"}
    | {"T", "MODEL", "RETRY", "SETTINGS", "Annotated", "Any", "Awaitable", "BaseModel"}
    | {"ConfigDict", "Field", "Iterable", "Literal", "Sequence", "TypeVar", "Agent", "replace"}
    | {"AgentOutputSchema", "AsyncOpenAI", "ItemHelpers", "ModelBehaviorError", "ModelSettings"}
    | {"ModelRetrySettings", "OpenAIChatCompletionsModel", "OpenAIResponsesModel", "Reasoning"}
    | {"Runner"}
    # what stands in the body of run_flow
    | {"slots", "errors", "error", "group", "tasks", "task", "calls", "done", "name", "output"}
    | {"results", "failed", "item", "index", "each"}
)

_NUMBERED = re.compile(r"(stage_\d+_slots|(limited_ask|ask_next|try_ask)_\d+)")
"""Names the program makes for stages."""


class Names:
    """The names of one program; each is given once."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def variable(self, said: str) -> str:
        """Make a free variable name: `Legal review` becomes `legal_review`."""
        plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST].strip("_") or "step"
        return self._free(stem if stem[0].isalpha() else f"step_{stem}")

    def type(self, said: str) -> str:
        """Make a free class name: `research plan` becomes `ResearchPlan`."""
        plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
        words = re.sub(r"[^A-Za-z0-9]+", " ", plain)[:_LONGEST].split()
        stem = "".join(word[0].upper() + word[1:] for word in words) or "Output"
        return self._free(stem if stem[0].isalpha() else f"Output{stem}")

    def constant(self, said: str) -> str:
        """Make a free name of a constant: `my-server` becomes `MY_SERVER`."""
        stem = re.sub(r"[^A-Za-z0-9]+", "_", said)[:_LONGEST].strip("_").upper() or "VALUE"
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
