import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openStudy = {
    content: "Open the study",
    trigger: ".o_data_row:contains(Weights of the tour) .o_data_cell:first",
    run: "click",
};

function judge(pair, value) {
    return {
        content: `Judge ${pair}`,
        trigger: `.o_bsc_choice[data-pair='${pair}']`,
        run: `select ${value}`,
    };
}

tours.add("bsc_appraisal_expert_judges", {
    steps: () => [
        openStudy,
        {
            content: "Nothing is connected yet",
            trigger: ".o_bsc_verdict:contains(Not connected yet)",
        },
        judge("0-1", "5"),
        judge("0-2", "-5"),
        judge("1-2", "5"),
        {
            content: "The circle is seen at once",
            trigger: ".o_bsc_ratio.text-bg-warning",
        },
        {
            content: "Hand in all the same",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "It comes back with what to look at",
            trigger: ".alert:contains(contradict each other):contains(Look first at)",
        },
        judge("0-2", "5"),
        judge("1-2", "2"),
        judge("0-1", "3"),
        {
            content: "The answers are consistent",
            trigger: ".o_bsc_ratio.text-bg-success",
        },
        {
            content: "Hand in",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "It is handed in and closed",
            trigger:
                ".o_form_view:not(:has(.o_bsc_choice)) .o_arrow_button_current:contains(Handed In)",
        },
    ],
});

tours.add("bsc_appraisal_map_opens", {
    steps: () => [
        {
            content: "The published objectives stand in their band",
            trigger: ".o_bsc_band:contains(Tour Perspective) .o_bsc_objective:contains(Skills of the tour)",
            run: "click",
        },
        {
            content: "The objective opens, and an employee edits nothing",
            trigger: ".o_form_view .o_field_widget[name=name]:contains(Skills of the tour)",
        },
        {
            content: "Its history is loaded, too",
            trigger: ".o-mail-Chatter .o-mail-Message, .o-mail-Chatter .o-mail-Thread-empty",
        },
    ],
});
