import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (field, text) => [
    {
        content: `Look for ${text}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:not(:has(.o_loading)) > a:contains(${text})`,
        run: "click",
    },
];

// The strategy officer states an objective, says what drives it and publishes it.
tours.add("bsc_officer_draws_map", {
    steps: () => [
        {
            content: "The cause is there already",
            trigger: ".o_bsc_objective:contains(Skills of the tour)",
        },
        {
            content: "State another objective",
            trigger: ".o_control_panel button:contains(New Objective)",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Fewer complaints",
        },
        ...choose("perspective_id", "Tour Perspective"),
        ...choose("cause_ids", "Skills of the tour"),
        {
            content: "The cause is linked",
            trigger: ".o_field_widget[name=cause_ids] .o_tag:contains(Skills of the tour)",
        },
        {
            content: "Publish",
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            content: "It is published",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Published)",
        },
        {
            content: "Back to the map",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "It stands in its band, and screen readers hear what leads to it",
            trigger:
                ".o_bsc_objective[aria-label*='leads to: Fewer complaints']:contains(Skills of the tour)",
        },
        {
            content: "An arrow is drawn",
            trigger: ".o_bsc_map_canvas:has(path.o_bsc_arrow)",
        },
    ],
});
