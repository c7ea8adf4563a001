import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WIDTH = 80;
const HEIGHT = 24;
const MARGIN = 3;

function number(value) {
    return formatFloat(value, { digits: [16, 2], trailingZeros: false });
}

/** The figures behind a line as a small curve, with the target as a dashed line. */
export class Trend extends Component {
    static template = "bsc_appraisal.Trend";
    static props = { ...standardFieldProps };

    width = WIDTH;
    height = HEIGHT;

    get trend() {
        return this.props.record.data[this.props.name] || null;
    }

    get hasTarget() {
        return typeof this.trend.target === "number";
    }

    /** One figure is a point, not a course. */
    get isDrawn() {
        return Boolean(this.trend && this.trend.points.length > 1);
    }

    get dots() {
        const values = this.trend.points.map(([, value]) => value);
        const step = (WIDTH - 2 * MARGIN) / (values.length - 1);
        return values.map((value, index) => ({ x: MARGIN + index * step, y: this.y(value) }));
    }

    get path() {
        return this.dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    }

    get last() {
        return this.dots.at(-1);
    }

    get description() {
        const parts = this.trend.points.map(([day, value]) => `${day}: ${number(value)}`);
        if (this.hasTarget) {
            parts.push(_t("Target: %s", number(this.trend.target)));
        }
        return parts.join("\n");
    }

    y(value) {
        const values = this.trend.points.map(([, one]) => one);
        if (this.hasTarget) {
            values.push(this.trend.target);
        }
        const low = Math.min(...values);
        const high = Math.max(...values);
        if (low === high) {
            return HEIGHT / 2;
        }
        return HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN);
    }
}

export const trend = {
    component: Trend,
    displayName: _t("Trend"),
    supportedTypes: ["json"],
    isEmpty: (record, name) => !record.data[name],
    listViewWidth: [90, 110],
};

registry.category("fields").add("bsc_trend", trend);
