package io.thyra.ingress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which way of impersonating worked last for each requestor. It is tried first the next time, which keeps the old way as
/// cheap as it was, and decides which refusal a client sees. Holds the latest 10,000 requestors; safe for many threads.
/// Source: apiserver pkg/endpoints/filters/impersonation/cache.go, modeIndexCache.
final class ImpersonationMemory {
  private static final int REQUESTORS_MAX = 10_000;

  private final Map<String, Impersonation.Mode> modes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Impersonation.Mode> eldest) {
          return size() > REQUESTORS_MAX;
        }
      };

  synchronized Optional<Impersonation.Mode> find(String requestor) {
    return Optional.ofNullable(modes.get(requestor));
  }

  synchronized void keep(String requestor, Impersonation.Mode mode) {
    modes.put(requestor, mode);
  }
}
