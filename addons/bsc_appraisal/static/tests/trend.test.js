import { expect, test } from "@odoo/hoot";
import { queryAll, queryOne } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const course = (values, target) => ({
    points: values.map((value, index) => [`Q${index + 1}`, value]),
    target,
});

class Row extends models.Model {
    _name = "row";

    trend = fields.Json();

    _records = [
        { id: 1, trend: course([290, 600, 925], 1200) },
        { id: 2, trend: course([5, 5], null) },
        { id: 3, trend: course([5], 10) },
        { id: 4, trend: false },
    ];
}

defineMailModels();
defineModels([Row]);

function readCurve(row) {
    const points = row.querySelector("polyline").getAttribute("points");
    return points.split(" ").map((point) => Number(point.split(",")[1]));
}

test("a line shows where its figures go, and the target they go to", async () => {
    await mountView({
        type: "list",
        resModel: "row",
        arch: `<list><field name="trend" widget="bsc_trend"/></list>`,
    });
    const rows = queryAll(".o_data_row");
    const [first, second, third] = readCurve(rows[0]);
    expect(first).toBeGreaterThan(second);
    expect(second).toBeGreaterThan(third);
    const target = Number(rows[0].querySelector("line").getAttribute("y1"));
    expect(target).toBeLessThan(third);
    expect(queryOne("svg", { root: rows[0] })).toHaveAttribute(
        "aria-label",
        "Q1: 290\nQ2: 600\nQ3: 925\nTarget: 1,200"
    );
});

test("equal figures are a level curve; one figure or none is no course", async () => {
    await mountView({
        type: "list",
        resModel: "row",
        arch: `<list><field name="trend" widget="bsc_trend"/></list>`,
    });
    const rows = queryAll(".o_data_row");
    expect(readCurve(rows[1])).toEqual([12, 12]);
    expect(rows[1].querySelector("line")).toBe(null);
    expect(rows[2].querySelector("svg")).toBe(null);
    expect(rows[3].querySelector("svg")).toBe(null);
});
