import { ChartField } from "@budget_performance/chart_field/chart_field";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";

const TARGET = 100;
// What lies outside is drawn at the edge, the words say how far out it is.
const EDGE = 150;
// A label longer than this takes the room of the shape on a phone.
const LETTERS_PER_LINE = 10;

const COLORS = { current: "#3188E6", previous: "#7E8290", target: "#00A78D" };

function percent(rate) {
    return typeof rate === "number"
        ? _t("%s %", formatFloat(rate, { digits: [16, 1], trailingZeros: false }))
        : _t("not measured");
}

/** Break a name at blanks, so that the shape keeps the room. */
export function wrap(name) {
    const lines = [];
    for (const word of name.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && `${last} ${word}`.length <= LETTERS_PER_LINE) {
            lines[lines.length - 1] = `${last} ${word}`;
        } else {
            lines.push(word);
        }
    }
    return lines;
}

/** How far each perspective came: this cycle, the one before, and the target as a ring. */
export class ScorecardRadar extends ChartField {
    static template = "bsc_appraisal.ScorecardRadar";

    get radar() {
        return this.value;
    }

    get hasPrevious() {
        return this.radar.perspectives.some(({ previous }) => typeof previous === "number");
    }

    get rows() {
        return this.radar.perspectives.map(({ id, name, rate, previous }) => ({
            id,
            name,
            rate: percent(rate),
            previous: percent(previous),
        }));
    }

    get caption() {
        return _t("Achievement by perspective in percent; the target is 100 %");
    }

    /** The outermost ring: beyond the target, and beyond every rate up to the edge. */
    get reach() {
        const rates = this.radar.perspectives.flatMap(({ rate, previous }) => [rate, previous]);
        const most = Math.max(...rates.filter((rate) => typeof rate === "number"), TARGET + 20);
        return Math.min(Math.ceil(most / 10) * 10, EDGE);
    }

    get config() {
        const { perspectives, cycle, previous } = this.radar;
        const draw = (rate) =>
            typeof rate === "number" ? Math.min(Math.max(rate, 0), EDGE) : null;
        const series = (label, name, color, values) => ({
            label,
            data: values.map(draw),
            rates: values,
            borderColor: color,
            backgroundColor: `${color}${name === "current" ? "33" : "00"}`,
            borderWidth: 2,
            pointRadius: 3,
            pointBackgroundColor: color,
            spanGaps: false,
        });
        const datasets = [
            series(
                cycle,
                "current",
                COLORS.current,
                perspectives.map(({ rate }) => rate)
            ),
        ];
        if (this.hasPrevious) {
            datasets.push(
                series(
                    previous,
                    "previous",
                    COLORS.previous,
                    perspectives.map((one) => one.previous)
                )
            );
        }
        datasets.push({
            ...series(
                _t("Target"),
                "target",
                COLORS.target,
                perspectives.map(() => TARGET)
            ),
            borderDash: [5, 4],
            borderWidth: 1.5,
            pointRadius: 0,
            pointHitRadius: 0,
        });
        return {
            type: "radar",
            data: { labels: perspectives.map(({ name }) => wrap(name)), datasets },
            options: {
                scales: {
                    r: {
                        min: 0,
                        max: this.reach,
                        ticks: {
                            stepSize: 50,
                            includeBounds: false,
                            backdropColor: "transparent",
                            font: { size: 10 },
                            callback: (value) => (value === TARGET ? percent(TARGET) : ""),
                        },
                        pointLabels: { font: { size: 11 } },
                    },
                },
                plugins: {
                    legend: { position: "bottom", labels: { boxWidth: 16, font: { size: 11 } } },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => perspectives[item.dataIndex].name,
                            label: ({ dataset, dataIndex }) =>
                                `${dataset.label}: ${percent(dataset.rates[dataIndex])}`,
                        },
                    },
                },
            },
        };
    }
}

export const scorecardRadar = {
    component: ScorecardRadar,
    displayName: _t("Radar of the perspectives"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("bsc_radar", scorecardRadar);
