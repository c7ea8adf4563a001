import { ChartField } from "../chart_field/chart_field";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";

const COLORS = { planned: "#B8B2C9", actual: "#714B67", forecast: "#E99D00" };

/** Plan, actual and forecast of a budget line, month by month. */
export class BudgetLineChart extends ChartField {
    static template = "budget_performance.LineChart";

    get series() {
        return this.value;
    }

    get caption() {
        return _t("Planned, actual and expected amounts by month");
    }

    format(amount) {
        const currency = this.props.record.data.currency_id;
        return formatMonetary(amount, { currencyId: currency && currency.id });
    }

    get config() {
        const { labels, planned, actual, forecast } = this.series;
        const datasets = [
            {
                label: _t("Planned"),
                data: planned,
                backgroundColor: COLORS.planned,
            },
            {
                label: _t("Actual"),
                data: actual,
                backgroundColor: COLORS.actual,
            },
        ];
        if (forecast.some((amount) => amount !== null)) {
            datasets.push({
                type: "line",
                label: _t("Expected"),
                data: forecast,
                borderColor: COLORS.forecast,
                backgroundColor: COLORS.forecast,
                borderDash: [5, 4],
                borderWidth: 2,
                pointRadius: 3,
            });
        }
        return {
            type: "bar",
            data: { labels, datasets },
            options: {
                scales: {
                    x: { grid: { display: false } },
                    y: {
                        beginAtZero: true,
                        ticks: {
                            maxTicksLimit: 6,
                            callback: (value) =>
                                formatFloat(value, { humanReadable: true, digits: [16, 0] }),
                        },
                    },
                },
                plugins: {
                    legend: { position: "bottom", labels: { boxWidth: 14 } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.format(raw)}`,
                        },
                    },
                },
            },
        };
    }
}

export const budgetLineChart = {
    component: BudgetLineChart,
    supportedTypes: ["json"],
};

registry.category("fields").add("budget_line_chart", budgetLineChart);
