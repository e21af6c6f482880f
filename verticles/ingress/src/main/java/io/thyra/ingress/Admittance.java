package io.thyra.ingress;

import io.thyra.flowcontrol.FlowControl;
import io.thyra.flowcontrol.Traffic;
import io.thyra.model.RequestInfo;
import org.jspecify.annotations.Nullable;

/// Classifies a request and finds room for it.
final class Admittance {
  private final FlowControl flowControl;
  private final MaxInFlight maxInFlight;
  private final RequestMetrics metrics;
  private final Answers answers;

  Admittance(FlowControl flowControl, MaxInFlight maxInFlight, RequestMetrics metrics, Answers answers) {
    this.flowControl = flowControl;
    this.maxInFlight = maxInFlight;
    this.metrics = metrics;
    this.answers = answers;
  }

  Stages.@Nullable Admitted admit(Stages.Acting acting) {
    Exchange exchange = acting.identified().exchange();
    RequestInfo info = acting.identified().info();
    exchange.requestor = acting.requestor();
    exchange.user = acting.user();
    exchange.constraint = acting.constraint();
    exchange.classified = flowControl.classify(acting.user(), info).orElse(null);
    boolean exempt = exchange.classified != null && exchange.classified.exempt();
    MaxInFlight.Slot slot = maxInFlight.enter(info, acting.user(), exchange.longRunning, exempt);
    if (slot == MaxInFlight.Slot.REFUSED) {
      if (exchange.classified != null) {
        exchange.classified.traffic().reject();
      }
      metrics.terminated(MetricLabels.of(exchange), 429);
      answers.text(exchange, 429, "Too many requests, please try again later.", 1);
      return null;
    }
    exchange.slot = slot;
    if (exchange.classified != null) {
      count(exchange, exchange.classified.traffic());
    }
    return new Stages.Admitted(acting);
  }

  /// Of a long request only the beginning takes a seat.
  private static void count(Exchange exchange, Traffic traffic) {
    traffic.begin();
    if (exchange.longRunning) {
      traffic.end();
    } else {
      exchange.traffic = traffic;
    }
  }
}
