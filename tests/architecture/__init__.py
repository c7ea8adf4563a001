"""The rules of this code base as functions of a source tree.

Each rule takes the root of a tree and returns its violations as text, none = obeyed.
``test_architecture.py`` applies them to this clone and to planted violations.
"""

from . import access, layout, raised_rights, source, wording

RULES = (
    layout.tools_are_pure,
    layout.sizes_are_small,
    layout.one_model_per_file,
    access.access_names_a_group,
    access.companies_are_separated,
    access.wizards_are_own,
    layout.views_bear_the_models_name,
    layout.data_files_are_loaded,
    layout.no_transaction_control,
    layout.no_direct_orm_import,
    layout.no_context_control_flow,
    raised_rights.no_sudo_of_self,
    raised_rights.sudo_is_named_or_explained,
    wording.nothing_unfinished,
    wording.no_machine_or_registry,
)

__all__ = ["RULES", "access", "layout", "raised_rights", "source", "wording"]
