package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.List;
import java.util.Locale;

/// One entry of a LimitRange. Source: kubernetes plugin/pkg/admission/limitranger/admission.go.
record Limit(String type, ResourceAmounts min, ResourceAmounts max, ResourceAmounts ratio) {
  // Beyond it, thousandths do not fit 64 bits.
  private static final long MILLI_MAX = Long.MAX_VALUE / 1000;

  static Limit of(ObjectValue item) {
    return new Limit(
        item.string("type"),
        ResourceAmounts.of(item.object("min")),
        ResourceAmounts.of(item.object("max")),
        ResourceAmounts.of(item.object("maxLimitRequestRatio")));
  }

  void check(ResourceAmounts requests, ResourceAmounts limits, List<String> problems) {
    for (String name : min.names()) {
      checkMin(name, requests, limits, problems);
    }
    for (String name : max.names()) {
      checkMax(name, requests, limits, problems);
    }
    for (String name : ratio.names()) {
      checkRatio(name, requests, limits, problems);
    }
  }

  /// Of claims, which have no limits.
  void checkRequests(ResourceAmounts requests, List<String> problems) {
    for (String name : min.names()) {
      checkMin(name, requests, ResourceAmounts.NONE, problems);
    }
    for (String name : max.names()) {
      String rule = "maximum " + name + " usage per " + type + " is " + max.get(name);
      if (!requests.has(name)) {
        problems.add(rule + ".  No request is specified");
      } else if (compare(requests.get(name), max.get(name), Quantity.ZERO) > 0) {
        problems.add(rule + ", but request is " + requests.get(name));
      }
    }
  }

  private void checkMin(String name, ResourceAmounts requests, ResourceAmounts limits, List<String> problems) {
    Quantity enforced = min.get(name);
    Quantity request = requests.get(name);
    Quantity limit = limits.get(name);
    String rule = "minimum " + name + " usage per " + type + " is " + enforced;
    if (!requests.has(name)) {
      problems.add(rule + ".  No request is specified");
    } else if (compare(request, enforced, limit) < 0) {
      problems.add(rule + ", but request is " + request);
    } else if (limits.has(name) && compare(limit, enforced, request) < 0) {
      problems.add(rule + ", but limit is " + limit);
    }
  }

  private void checkMax(String name, ResourceAmounts requests, ResourceAmounts limits, List<String> problems) {
    Quantity enforced = max.get(name);
    Quantity request = requests.get(name);
    Quantity limit = limits.get(name);
    String rule = "maximum " + name + " usage per " + type + " is " + enforced;
    if (!limits.has(name)) {
      problems.add(rule + ".  No limit is specified");
    } else if (compare(limit, enforced, request) > 0) {
      problems.add(rule + ", but limit is " + limit);
    } else if (requests.has(name) && compare(request, enforced, limit) > 0) {
      problems.add(rule + ", but request is " + request);
    }
  }

  private void checkRatio(String name, ResourceAmounts requests, ResourceAmounts limits, List<String> problems) {
    Quantity enforced = ratio.get(name);
    String rule = name + " max limit to request ratio per " + type + " is " + enforced;
    boolean milli = fitsMilli(requests.get(name)) && fitsMilli(limits.get(name)) && fitsMilli(enforced);
    long request = milli ? requests.get(name).milliValue() : requests.get(name).value();
    long limit = milli ? limits.get(name).milliValue() : limits.get(name).value();
    if (request == 0) {
      problems.add(rule + ", but no request is specified or request is 0");
    } else if (limit == 0) {
      problems.add(rule + ", but no limit is specified or limit is 0");
    } else {
      double observed = (double) limit / request;
      boolean exceeds =
          fitsMilli(enforced) ? observed * 1000 > enforced.milliValue() : observed > enforced.value();
      if (exceeds) {
        problems.add(rule + ", but provided ratio is " + String.format(Locale.ROOT, "%f", observed));
      }
    }
  }

  private static boolean fitsMilli(Quantity amount) {
    return amount.value() <= MILLI_MAX;
  }

  /// Compares in thousandths, or in whole units where one of the three is too large for that.
  private static int compare(Quantity one, Quantity other, Quantity third) {
    boolean milli = fitsMilli(one) && fitsMilli(other) && fitsMilli(third);
    return milli ? Long.compare(one.milliValue(), other.milliValue()) : Long.compare(one.value(), other.value());
  }
}
