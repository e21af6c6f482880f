package io.thyra.aggregation;

import io.thyra.aggregation.Transport.Unbuildable;
import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.ServiceResolver;
import io.thyra.model.UserInfo;
import io.thyra.registry.Registry;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One APIService that an extension server serves, with the loops that ask that server whether it is there and what it
/// serves. Its state is one volatile reference, replaced under its lock.
final class RemoteService implements AutoCloseable {
  /// What all of them share.
  ///
  /// @param identity the certificate and key by which extension servers know this server now; empty for none
  /// @param outages told when one of them becomes unavailable
  /// @param changed told when discovery or OpenAPI of one of them may say something new
  record Shared(
      Vertx vertx,
      Registry registry,
      ServiceResolver resolver,
      BackendClient client,
      Supplier<Optional<PemKeyCertOptions>> identity,
      Consumer<AggregationVerticle.Outage> outages,
      Runnable changed) {}

  /// @param transport null where it cannot be built, for the reason in `unbuildable`
  record State(ApiService apiService, @Nullable Transport transport, String unbuildable) {}

  private static final Duration RECHECK = Duration.ofSeconds(30);
  private static final Duration RETRY_MIN = Duration.ofMillis(5);

  private final Shared shared;
  private final Availability availability;
  private final Backoff backoff = new Backoff(RETRY_MIN, RECHECK);
  private final RemoteDiscovery discovery;
  private final RemoteOpenApi openApi;
  private final Beat checking;
  private final Beat listing;
  private final Beat describing;
  private volatile State state;

  RemoteService(Shared shared, ApiService apiService) {
    this.shared = shared;
    this.availability = new Availability(shared.resolver(), shared.client());
    this.state = stateOf(apiService, null);
    this.discovery = new RemoteDiscovery(this, shared.changed());
    this.openApi = new RemoteOpenApi(this, shared.changed());
    this.checking = new Beat("availability-" + apiService.name(), this::checkAvailability);
    this.listing = new Beat("discovery-" + apiService.name(), discovery::refresh);
    this.describing = new Beat("openapi-" + apiService.name(), openApi::refresh);
  }

  void start() {
    checking.start();
    listing.start();
    describing.start();
  }

  private State stateOf(ApiService apiService, @Nullable State old) {
    Transport.Key key = Transport.Key.of(apiService, shared.identity().get());
    if (old != null && old.transport() != null && old.transport().key().equals(key)) {
      return new State(apiService, old.transport(), "");
    }
    if (old != null && old.transport() != null) {
      old.transport().retire();
    }
    try {
      return new State(apiService, Transport.of(shared.vertx(), key), "");
    } catch (Unbuildable e) {
      return new State(apiService, null, e.getMessage());
    }
  }

  /// The APIService was written.
  synchronized void update(ApiService apiService) {
    state = stateOf(apiService, state);
    discovery.markDirty();
    checking.poke();
    listing.poke();
    describing.poke();
  }

  /// This server has another certificate to show.
  synchronized void reconnect() {
    state = stateOf(state.apiService(), state);
    checking.poke();
  }

  /// The Service or its endpoints changed.
  void recheck() {
    checking.poke();
  }

  State state() {
    return state;
  }

  RemoteDiscovery discovery() {
    return discovery;
  }

  RemoteOpenApi openApi() {
    return openApi;
  }

  private Duration checkAvailability() throws InterruptedException {
    State now = state;
    if (now.transport() == null) {
      return backoff.failed();
    }
    Condition condition = availability.check(now.apiService(), now.transport());
    if (condition.tell(shared.registry(), now.apiService().name())) {
      shared.outages().accept(new AggregationVerticle.Outage(now.apiService().name(), condition.reason()));
    }
    if (condition.reason().equals("FailedDiscoveryCheck")) {
      return backoff.failed();
    }
    backoff.succeeded();
    return RECHECK;
  }

  /// Asks the server for a document as clients would be answered: not at all while it is not available.
  ///
  /// @return empty where clients would be told 503
  Optional<BackendClient.Answer> ask(String path, UserInfo user, MultiMap headers, Duration timeout) throws InterruptedException {
    State now = state;
    if (!now.apiService().available() || now.transport() == null) {
      return Optional.empty();
    }
    try {
      ServiceResolver.Address address = shared.resolver().resolve(now.apiService().service().orElseThrow());
      ForwardedHeaders.addForwarded(headers, address.text(), path);
      return Optional.of(
          shared.client().get(now.transport(), address, path, user, headers, timeout).toCompletionStage().toCompletableFuture().get());
    } catch (ServiceResolver.Unresolved | ExecutionException | CompletionException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    checking.close();
    listing.close();
    describing.close();
    State last = state;
    if (last.transport() != null) {
      last.transport().retire();
    }
  }
}
