import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Choose a value of a many2one by its name. */
function choose(field, name) {
    return [
        {
            content: `Look for ${name}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${name}`,
        },
        {
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${name}) a`,
            run: "click",
        },
    ];
}

tours.add("budget_performance_rule_tested", {
    steps: () => [
        {
            content: "Type the amount",
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 3900",
        },
        ...choose("product_id", "Hotel"),
        ...choose("department_id", "Sales"),
        {
            content: "The account and the distribution follow",
            trigger:
                ".o_form_view:has(.o_field_widget[name=analytic_distribution]:contains(Sales))" +
                " .o_field_widget[name=account_id] input:value(Hotel)",
        },
        {
            content: "Test",
            trigger: "button[name=action_test]",
            run: "click",
        },
        {
            content: "It is held, in the words that the user would read",
            trigger: ".alert-warning:contains(held):contains(the limit is 80 %):contains(3,900)",
        },
        {
            content: "Both lines are charged, one of them holds",
            trigger:
                ".o_field_widget[name=line_ids]:has(.o_data_row:contains(Travel):contains(Passes))" +
                " .o_data_row:contains(Hotel · Sales):contains(Hold)",
        },
        {
            content: "Look at the rules",
            trigger: ".nav-link[name=bands]",
            run: "click",
        },
        {
            content: "The band that decides is named with its limit",
            trigger:
                ".o_data_row:contains(Hotel · Sales):contains(from 80 %):contains(3,840):contains(Decides)",
        },
        {
            content: "Look at what is not charged",
            trigger: ".nav-link[name=misses]",
            run: "click",
        },
        {
            content: "The reserve says why",
            trigger: ".o_data_row:contains(Reserve):contains(no document uses it)",
        },
        {
            content: "Ask for less",
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 100",
        },
        {
            content: "Test again",
            trigger: "button[name=action_test]",
            run: "click",
        },
        {
            content: "It passes",
            trigger: ".alert-success:contains(It passes)",
        },
    ],
});
