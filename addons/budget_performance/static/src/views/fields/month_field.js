import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Shows a date that stands for its month as a month: "Jan 2026", never as "Jan 1". */
export class BudgetMonthField extends Component {
    static template = xml`<span t-esc="month"/>`;
    static props = { ...standardFieldProps };

    get month() {
        const date = this.props.record.data[this.props.name];
        return date ? date.toLocaleString({ year: "numeric", month: "short" }) : "";
    }
}

registry.category("fields").add("budget_month", {
    component: BudgetMonthField,
    displayName: _t("Month"),
    supportedTypes: ["date"],
});
