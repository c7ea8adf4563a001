/** Steps that the tours of employees share. */

/** Choose a value of a many2one by its name. */
export function choose(selector, name) {
    return [
        { content: `Look for ${name}`, trigger: `${selector} input`, run: `edit ${name}` },
        {
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:contains(${name}) a`,
            run: "click",
        },
    ];
}

/** Type a new claim until the hint says what the budget thinks of it. */
export function typeClaim(name, category, amount, hint) {
    return [
        {
            content: "Say what it was for",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
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
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
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
