"""The import contract that import-linter doesn't bring: pure modules."""

import sys

import grimp
from importlinter import Contract, ContractCheck, fields, output


class PureContract(Contract):
    """Holds when `modules` import nothing but the standard library and each other."""

    type_name = "pure"
    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (its interface)
        pure: list[str] = list(self.modules)  # type: ignore[call-overload]  # a field is replaced by its value
        missing = [module for module in pure if module not in graph.modules]
        impure = [
            f"{module} imports {imported}"
            for module in pure
            if module in graph.modules
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported not in pure and imported.partition(".")[0] not in sys.stdlib_module_names
        ]
        broken = [f"{module} does not exist" for module in missing] + impure
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)
