import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

/**
 * A field whose value is drawn by Chart.js, anew when the value or the room changes.
 *
 * Whoever extends it has a template with a canvas named "canvas", shown only if there
 * is a `value`, and says with `config` what is drawn.
 */
export class ChartField extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        this.ui = useService("ui");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                // Chart is a global of the bundle.
                const chart = new Chart(this.canvas.el, this.drawing);
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.value), this.ui.isSmall]
        );
    }

    get value() {
        return this.props.record.data[this.props.name] || null;
    }

    /** What Chart.js is asked to draw. */
    get config() {
        throw new Error("a chart field says what is drawn");
    }

    get drawing() {
        const { options, ...config } = this.config;
        return {
            ...config,
            options: { responsive: true, maintainAspectRatio: false, animation: false, ...options },
        };
    }
}
