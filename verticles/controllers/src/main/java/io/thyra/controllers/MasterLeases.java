package io.thyra.controllers;

import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import io.thyra.storage.ListRequest;
import io.thyra.storage.Storage;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The servers that are alive on one store: a key of each, named by its address, that goes away when it is not renewed. The real
/// server keeps and reads the same keys. Direct style. Source: kubernetes pkg/controlplane/reconcilers/lease.go.
final class MasterLeases {
  /// What the keys are called where stores of resources are named.
  private static final GroupResource ADDRESSES = new GroupResource("", "apiServerIPInfo");

  private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
  private static final String PREFIX = "/registry/masterleases/";
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(15);

  private final Storage storage;
  private final ResourceStore endpoints;

  MasterLeases(Registry registry) {
    this.storage = registry.storage(ADDRESSES);
    this.endpoints = registry.findStore(ENDPOINTS).orElseThrow();
  }

  /// Makes or renews the key of an address.
  void renew(String address) {
    Optional<Stored> current = storage.get(PREFIX + address).await();
    while (true) {
      ObjectValue object = current.map(endpoints::tree).orElseGet(MasterLeases::empty);
      ObjectValue renewed =
          object
              .withAt(Value.of(object.integer(0, "metadata", "generation") + 1), "metadata", "generation")
              .with("subsets", ListValue.of(ObjectValue.of("addresses", ListValue.of(ObjectValue.builder().put("ip", address).build()))));
      long expected = current.map(Stored::modRevision).orElse(0L);
      switch (storage.put(PREFIX + address, expected, endpoints.stored(renewed), TIME_TO_LIVE).await()) {
        case WriteResult.Written _ -> {
          return;
        }
        case WriteResult.Mismatch(Optional<Stored> newer) -> current = newer;
      }
    }
  }

  private static ObjectValue empty() {
    return ObjectValue.builder().put("kind", "Endpoints").put("apiVersion", "v1").put("metadata", ObjectValue.EMPTY).build();
  }

  /// The addresses of the servers that are alive, in the order of their text.
  List<String> addresses() {
    return storage.list(ListRequest.all(PREFIX)).await().items().stream()
        .map(endpoints::tree)
        .flatMap(object -> object.list("subsets").objects().stream().limit(1))
        .flatMap(subset -> subset.list("addresses").objects().stream().limit(1))
        .map(address -> address.string("ip"))
        .filter(address -> !address.isEmpty())
        .sorted()
        .toList();
  }

  void remove(String address) {
    Optional<Stored> current = storage.get(PREFIX + address).await();
    if (current.isPresent()) {
      storage.delete(PREFIX + address, current.get().modRevision()).await();
    }
  }
}
