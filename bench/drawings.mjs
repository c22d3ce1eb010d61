// The pictures of a record, by the names of their files.

import { chart } from "./chart.mjs";
import { chart as growthChart } from "./growth/chart.mjs";

export const drawings = ({ runs, growth }) => ({ "chart.svg": chart(runs), "growth.svg": growthChart(growth) });
