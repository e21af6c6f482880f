package io.thyra.aggregation;

import io.thyra.backends.BackendTrouble;
import io.thyra.backends.ServiceReference;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.backends.ServiceResolver.Unresolved;
import io.thyra.backends.ServiceResolver;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Decides whether the server of an APIService can be reached. Blocks its thread for six seconds at most.
/// Source: kube-aggregator pkg/controllers/status/remote/remote_available_controller.go.
final class Availability {
  private static final int ATTEMPTS = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration GUARD = Duration.ofSeconds(6);

  private final ServiceResolver resolver;
  private final BackendClient client;

  Availability(ServiceResolver resolver, BackendClient client) {
    this.resolver = resolver;
    this.client = client;
  }

  Condition check(ApiService apiService, Transport transport) throws InterruptedException {
    ServiceReference reference = apiService.service().orElseThrow();
    Optional<ObjectValue> service;
    try {
      service = resolver.findService(reference);
    } catch (RuntimeException e) {
      return new Condition("Unknown", "ServiceAccessError", text(reference) + " cannot be checked due to: " + e.getMessage());
    }
    if (service.isEmpty()) {
      return failed("ServiceNotFound", text(reference) + " is not present");
    }
    if (service.get().string("spec", "type").equals("ClusterIP")) {
      Optional<Condition> wrong = checkCluster(reference, service.get());
      if (wrong.isPresent()) {
        return wrong.get();
      }
    }
    return probe(apiService, reference, transport);
  }

  private Optional<Condition> checkCluster(ServiceReference reference, ObjectValue service) {
    Optional<ObjectValue> port = ServiceResolver.ports(service, reference.port()).findFirst();
    if (port.isEmpty()) {
      return Optional.of(failed("ServicePortError", text(reference) + " is not listening on port " + reference.port()));
    }
    List<ObjectValue> slices;
    try {
      slices = resolver.slices(reference);
    } catch (RuntimeException e) {
      String message = text(reference) + " cannot be checked due to: " + e.getMessage();
      return Optional.of(new Condition("Unknown", "EndpointsAccessError", message));
    }
    if (slices.isEmpty()) {
      return Optional.of(failed("EndpointsNotFound", "cannot find endpointslices for " + text(reference)));
    }
    String name = port.get().string("name");
    if (slices.stream().noneMatch(slice -> isActive(slice, name))) {
      String message = "endpointslices for " + text(reference) + " have no addresses with port name " + GoText.quote(name);
      return Optional.of(failed("MissingEndpoints", message));
    }
    return Optional.empty();
  }

  private static boolean isActive(ObjectValue slice, String portName) {
    return slice.list("endpoints").objects().stream().anyMatch(ServiceResolver::isReady)
        && slice.list("ports").objects().stream().anyMatch(port -> port.string("name").equals(portName) && port.has("port"));
  }

  private static String text(ServiceReference reference) {
    return "service/" + reference.name() + " in " + GoText.quote(reference.namespace());
  }

  private static Condition failed(String reason, String message) {
    return new Condition("False", reason, message);
  }

  /// Several requests at once, one good answer is enough.
  private Condition probe(ApiService apiService, ServiceReference reference, Transport transport) throws InterruptedException {
    BlockingQueue<Optional<String>> results = new LinkedBlockingQueue<>(ATTEMPTS);
    var urls = new ArrayList<String>();
    for (int i = 0; i < ATTEMPTS; i++) {
      Address address;
      try {
        address = resolver.resolve(reference);
      } catch (Unresolved e) {
        results.add(Optional.of(e.getMessage()));
        continue;
      }
      String url = "https://" + address.text() + apiService.discoveryPath();
      urls.add(url);
      Future<BackendClient.Answer> answer =
          client.get(transport, address, apiService.discoveryPath(), ApiService.AGGREGATOR, HttpHeaders.headers(), TIMEOUT);
      answer.onComplete(
          good -> results.add(good.code() / 100 == 2 ? Optional.empty() : told(url, "bad status from " + url + ": " + good.code())),
          failure -> results.add(told(url, "Get " + GoText.quote(url) + ": " + reason(failure, address))));
    }
    String last = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<String> result = results.poll(GUARD.toMillis(), TimeUnit.MILLISECONDS);
      if (result == null) {
        return failed("FailedDiscoveryCheck", "timed out waiting for " + urls.getLast());
      }
      if (result.isEmpty()) {
        return Condition.PASSED;
      }
      last = result.get();
    }
    return failed("FailedDiscoveryCheck", last);
  }

  private static Optional<String> told(String url, String what) {
    return Optional.of("failing or missing response from " + url + ": " + what);
  }

  private static String reason(Throwable failure, Address address) {
    String text = BackendTrouble.text(failure, address);
    return failure instanceof TimeoutException ? text + " (Client.Timeout exceeded while awaiting headers)" : text;
  }
}
