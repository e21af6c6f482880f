package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a pod asks for in all. Source: component-helpers resource/helpers.go, kubernetes
/// plugin/pkg/admission/limitranger/admission.go.
final class PodResources {
  /// How to count.
  ///
  /// @param status whether what the kubelet reports counts where it is more
  /// @param overhead whether the overhead of the runtime class counts
  /// @param wholePod which resources may be given for the pod as a whole, instead of the sum of its containers
  record Way(boolean status, boolean overhead, Predicate<String> wholePod) {
    static final Predicate<String> BASIC = name -> name.equals("cpu") || name.equals("memory");
    /// Of LimitRanger.
    static final Way LIMITS = new Way(false, false, BASIC);
    /// Of the scheduler and the kubelet.
    static final Way PLAIN = new Way(false, true, BASIC.or(name -> name.startsWith("hugepages-")));
    /// Of quotas.
    static final Way QUOTA = new Way(true, true, PLAIN.wholePod);
  }

  private final ObjectValue pod;
  private final ObjectValue spec;
  private final Way way;
  private final Map<String, ObjectValue> statuses = new HashMap<>();

  private PodResources(ObjectValue pod, Way way) {
    this.pod = pod;
    this.spec = pod.object("spec");
    this.way = way;
    if (way.status()) {
      for (String list : List.of("containerStatuses", "initContainerStatuses")) {
        pod.list("status", list).objects().forEach(s -> statuses.put(s.string("name"), s));
      }
    }
  }

  static ResourceAmounts requests(ObjectValue pod, Way way) {
    return new PodResources(pod, way).total("requests");
  }

  static ResourceAmounts limits(ObjectValue pod, Way way) {
    return new PodResources(pod, way).total("limits");
  }

  /// Whether a pod says as a whole what it needs.
  static boolean saysAsWhole(ObjectValue pod) {
    ObjectValue resources = pod.object("spec", "resources");
    return List.of("requests", "limits").stream()
        .flatMap(sort -> ResourceAmounts.of(resources.object(sort)).names().stream())
        .anyMatch(Way.PLAIN.wholePod);
  }

  static boolean isSidecar(ObjectValue initContainer) {
    return initContainer.string("restartPolicy").equals("Always");
  }

  private ResourceAmounts total(String sort) {
    ResourceAmounts sum = ResourceAmounts.NONE;
    for (ObjectValue container : PodContainers.plain(spec)) {
      sum = sum.plus(of(container, sort, true));
    }
    ResourceAmounts sidecars = ResourceAmounts.NONE;
    ResourceAmounts start = ResourceAmounts.NONE;
    for (ObjectValue container : PodContainers.init(spec)) {
      boolean sidecar = isSidecar(container);
      ResourceAmounts own = of(container, sort, sidecar);
      if (sidecar) {
        sum = sum.plus(own);
        sidecars = sidecars.plus(own);
        own = sidecars;
      } else {
        own = own.plus(sidecars);
      }
      start = start.max(own);
    }
    return withOverhead(withWholePod(sum.max(start), sort), sort);
  }

  private ResourceAmounts of(ObjectValue container, String sort, boolean reported) {
    ResourceAmounts asked = ResourceAmounts.of(container.object("resources", sort));
    @Nullable ObjectValue status = reported ? statuses.get(container.string("name")) : null;
    if (status == null || !status.has("resources")) {
      return asked;
    }
    ResourceAmounts actual = ResourceAmounts.of(status.object("resources", sort));
    boolean requests = sort.equals("requests");
    ResourceAmounts held = requests ? actual.max(ResourceAmounts.of(status.object("allocatedResources"))) : actual;
    return isInfeasible() ? held : asked.max(held);
  }

  private boolean isInfeasible() {
    return pod.list("status", "conditions").objects().stream()
        .filter(c -> c.string("type").equals("PodResizePending"))
        .findFirst()
        .filter(c -> c.string("reason").equals("Infeasible"))
        .isPresent();
  }

  private ResourceAmounts withWholePod(ResourceAmounts sum, String sort) {
    ResourceAmounts total = sum;
    ResourceAmounts whole = ResourceAmounts.of(spec.object("resources", sort)).filter(way.wholePod());
    for (String name : whole.names()) {
      total = total.with(name, whole.get(name));
    }
    return total;
  }

  private ResourceAmounts withOverhead(ResourceAmounts sum, String sort) {
    if (!way.overhead()) {
      return sum;
    }
    ResourceAmounts overhead = ResourceAmounts.of(spec.object("overhead"));
    // Without a limit there is nothing to raise.
    return sum.plus(sort.equals("limits") ? overhead.filter(name -> !sum.get(name).isZero()) : overhead);
  }
}
