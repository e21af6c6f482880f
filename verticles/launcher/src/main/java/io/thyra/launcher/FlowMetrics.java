package io.thyra.launcher;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.discovery.Page;
import io.thyra.flowcontrol.FlowDump;
import io.thyra.flowcontrol.FlowSchemas;
import io.thyra.flowcontrol.PriorityLevel;
import java.util.List;
import java.util.function.ToLongFunction;

/// What is told of priority and fairness. Source: apiserver pkg/util/flowcontrol/metrics/metrics.go.
final class FlowMetrics {
  private static final String PAGES = "/debug/api_priority_and_fairness/";

  private FlowMetrics() {}

  /// The pages that dump the state.
  static List<Page> pages(FlowSchemas schemas) {
    return List.of(
        new Page(PAGES + "dump_priority_levels", () -> FlowDump.priorityLevels(schemas)),
        new Page(PAGES + "dump_queues", () -> FlowDump.queues(schemas)),
        new Page(PAGES + "dump_requests", FlowDump::requests));
  }

  /// @param seats of the whole server
  static void register(PrometheusRegistry metrics, FlowSchemas schemas, long seats) {
    CounterWithCallback.builder()
        .name("apiserver_flowcontrol_dispatched_requests_total")
        .help("Number of requests executed by API Priority and Fairness subsystem")
        .labelNames("priority_level", "flow_schema")
        .callback(counter -> flows(schemas, flow -> flow.traffic().dispatched(), counter::call))
        .register(metrics);
    CounterWithCallback.builder()
        .name("apiserver_flowcontrol_rejected_requests_total")
        .help("Number of requests rejected by API Priority and Fairness subsystem")
        .labelNames("priority_level", "flow_schema", "reason")
        .callback(
            counter ->
                flows(
                    schemas,
                    flow -> flow.traffic().rejected(),
                    (count, labels) -> counter.call(count, labels[0], labels[1], "concurrency-limit")))
        .register(metrics);
    GaugeWithCallback.builder()
        .name("apiserver_flowcontrol_current_executing_requests")
        .help(
            "Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness"
                + " subsystem")
        .labelNames("priority_level", "flow_schema")
        .callback(
            gauge -> {
              for (FlowSchemas.Flow flow : schemas.flows()) {
                if (flow.traffic().dispatched() > 0) {
                  gauge.call(flow.traffic().executing(), flow.priorityLevel(), flow.flowSchema());
                }
              }
            })
        .register(metrics);
    seats(metrics, schemas, seats, "nominal_limit_seats", "Nominal number of execution seats configured for each priority level",
        PriorityLevel.Seats::nominal);
    seats(metrics, schemas, seats, "lower_limit_seats", "Configured lower bound on number of execution seats available to each priority level",
        PriorityLevel.Seats::lower);
    seats(metrics, schemas, seats, "upper_limit_seats", "Configured upper bound on number of execution seats available to each priority level",
        PriorityLevel.Seats::upper);
  }

  private interface Told {
    void call(double count, String... labels);
  }

  private static void flows(FlowSchemas schemas, ToLongFunction<FlowSchemas.Flow> counted, Told told) {
    for (FlowSchemas.Flow flow : schemas.flows()) {
      long count = counted.applyAsLong(flow);
      if (count > 0) {
        told.call(count, flow.priorityLevel(), flow.flowSchema());
      }
    }
  }

  private static void seats(
      PrometheusRegistry metrics, FlowSchemas schemas, long seats, String name, String help, ToLongFunction<PriorityLevel.Seats> part) {
    GaugeWithCallback.builder()
        .name("apiserver_flowcontrol_" + name)
        .help(help)
        .labelNames("priority_level")
        .callback(
            gauge -> {
              List<PriorityLevel> levels = schemas.levels();
              long shares = levels.stream().mapToLong(PriorityLevel::shares).sum();
              levels.forEach(level -> gauge.call(part.applyAsLong(level.seats(seats, shares)), level.name()));
            })
        .register(metrics);
  }
}
