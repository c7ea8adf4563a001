import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { wrap } from "@bsc_appraisal/scorecard_radar/scorecard_radar";

const axis = (id, name, rate, previous = null) => ({ id, name, rate, previous });

const YEAR = {
    cycle: "2026",
    previous: "2025",
    perspectives: [
        axis(1, "Financial", 97.5, 101),
        axis(2, "Customer", 180, 88),
        axis(3, "Internal Process", null, 70),
        axis(4, "Learning and Growth", 0, 95),
    ],
};

class Card extends models.Model {
    _name = "card";

    radar = fields.Json();

    _records = [
        { id: 1, radar: YEAR },
        {
            id: 2,
            radar: {
                ...YEAR,
                previous: false,
                perspectives: YEAR.perspectives.map((one) => ({ ...one, previous: null })),
            },
        },
        { id: 3, radar: false },
    ];
}

defineMailModels();
defineModels([Card]);

async function mountRadar(resId) {
    await mountView({
        type: "form",
        resModel: "card",
        resId,
        arch: `<form><field name="radar" widget="bsc_radar"/></form>`,
    });
}

function getChart() {
    return window.Chart.getChart(queryOne(".o_bsc_radar canvas"));
}

describe("radar", () => {
    test("this cycle, the one before and the target are drawn", async () => {
        await mountRadar(1);
        const { datasets, labels } = getChart().data;
        expect(datasets.map(({ label }) => label)).toEqual(["2026", "2025", "Target"]);
        expect(labels.map((lines) => lines.join(" "))).toEqual(
            YEAR.perspectives.map(({ name }) => name)
        );
        expect(datasets[1].data).toEqual([101, 88, 70, 95]);
        expect(datasets[2].data).toEqual([100, 100, 100, 100]);
    });

    test("far out stands at the edge, not measured is a gap, zero is zero", async () => {
        await mountRadar(1);
        expect(getChart().data.datasets[0].data).toEqual([97.5, 150, null, 0]);
        expect(getChart().options.scales.r.max).toBe(150);
    });

    test("without a previous cycle there is no second series", async () => {
        await mountRadar(2);
        expect(getChart().data.datasets.map(({ label }) => label)).toEqual(["2026", "Target"]);
        expect(".o_bsc_radar th[scope=col]").toHaveCount(2);
    });

    test("screen readers get the rates as a table, the real ones", async () => {
        await mountRadar(1);
        expect(".o_bsc_radar_canvas").toHaveAttribute("aria-hidden", "true");
        expect(".o_bsc_radar caption").toHaveText(/target is 100 %/);
        expect(queryAllTexts(".o_bsc_radar tbody tr:eq(1) > *")).toEqual([
            "Customer",
            "180 %",
            "88 %",
        ]);
        expect(queryAllTexts(".o_bsc_radar tbody tr:eq(2) > *")).toEqual([
            "Internal Process",
            "not measured",
            "70 %",
        ]);
    });

    test("without a shape nothing is drawn", async () => {
        await mountRadar(3);
        expect(".o_bsc_radar").toHaveCount(0);
        expect("canvas").toHaveCount(0);
    });

    test("long names break at blanks", () => {
        expect(wrap("Learning and Growth")).toEqual(["Learning", "and Growth"]);
        expect(wrap("学习与成长")).toEqual(["学习与成长"]);
    });
});
