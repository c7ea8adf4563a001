/** What the tours share. */
import { registry } from "@web/core/registry";

/** Add a tour whose steps wait longer: others may work on the machine as well. */
export function addTour(name, makeSteps) {
    registry.category("web_tour.tours").add(name, {
        steps: () => makeSteps().map((step) => ({ timeout: 45000, ...step })),
    });
}

/** Choose a value of a many2one: type a name, take what contains it, or more of it. */
export function choose(selector, name, whole = name) {
    return [
        {
            content: `Look for ${name}`,
            trigger: `${selector} input`,
            run: `edit ${name}`,
        },
        {
            content: `Choose ${whole}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${whole}) a`,
            run: "click",
        },
    ];
}

/** Type a new claim until the hint says what the budget thinks of it. */
export function typeClaim(name, category, amount, hint) {
    return [
        {
            content: "Say what it was for",
            trigger:
                ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: `edit ${name}`,
        },
        ...choose(".o_field_widget[name=product_id]", category),
        {
            content: "Type the amount",
            trigger: ".o_field_widget[name=total_amount_currency] input",
            run: `edit ${amount}`,
        },
        {
            content: "Leave the amount",
            trigger:
                ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "click",
        },
        {
            content: "The hint is there before anything was saved",
            trigger: `.o_form_view:has(.o_form_status_indicator_buttons:not(.invisible)) ${hint}`,
        },
    ];
}

export const submit = {
    content: "Submit",
    trigger: "button[name=action_submit]:visible",
    run: "click",
};
