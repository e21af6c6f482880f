package io.thyra.groups.core;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The quality of service that a pod's requests and limits amount to. Source: pkg/apis/core/helper/qos/qos.go.
final class PodQos {
  private static final List<String> COUNTED = List.of("cpu", "memory");

  private PodQos() {}

  static String of(ObjectValue spec) {
    var requests = new TreeMap<String, Quantity>();
    var limits = new TreeMap<String, Quantity>();
    boolean guaranteed = true;
    if (spec.get("resources") instanceof ObjectValue own) {
      add(requests, own.object("requests"));
      add(limits, own.object("limits"));
      guaranteed = limits.keySet().containsAll(COUNTED);
    } else {
      for (String list : List.of("containers", "initContainers")) {
        for (ObjectValue container : spec.list(list).objects()) {
          add(requests, container.object("resources", "requests"));
          var own = new TreeMap<String, Quantity>();
          add(own, container.object("resources", "limits"));
          guaranteed &= own.keySet().containsAll(COUNTED);
          own.forEach((name, amount) -> limits.merge(name, amount, Quantity::plus));
        }
      }
    }
    if (requests.isEmpty() && limits.isEmpty()) {
      return "BestEffort";
    }
    guaranteed &= requests.size() == limits.size();
    for (Map.Entry<String, Quantity> request : requests.entrySet()) {
      Quantity limit = limits.get(request.getKey());
      guaranteed &= limit != null && limit.compareTo(request.getValue()) == 0;
    }
    return guaranteed ? "Guaranteed" : "Burstable";
  }

  private static void add(Map<String, Quantity> sum, ObjectValue amounts) {
    for (String name : COUNTED) {
      Quantity amount = Quantities.of(amounts, name);
      if (amount.signum() > 0) {
        sum.merge(name, amount, Quantity::plus);
      }
    }
  }
}
