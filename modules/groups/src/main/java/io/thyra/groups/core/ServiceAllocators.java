package io.thyra.groups.core;

import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;

/// Hands out cluster addresses and node ports to services. Fields of the service that name addresses or ports are
/// filled in; what is taken is given back when the write fails or the service goes.
public interface ServiceAllocators {
  /// Hands out nothing: services keep what they name.
  ServiceAllocators NONE =
      new ServiceAllocators() {
        @Override
        public ObjectValue allocate(RequestContext context, ObjectValue service) {
          return service;
        }

        @Override
        public ObjectValue reallocate(RequestContext context, ObjectValue service, ObjectValue old) {
          return service;
        }

        @Override
        public void changed(RequestContext context, ObjectValue service, ObjectValue old) {}

        @Override
        public void release(RequestContext context, ObjectValue service) {}
      };

  /// A new service with its families, addresses and ports. Refusals are [io.thyra.model.ApiException].
  ObjectValue allocate(RequestContext context, ObjectValue service);

  /// A changed service: new needs are met.
  ObjectValue reallocate(RequestContext context, ObjectValue service, ObjectValue old);

  /// A change was stored: gives back what the service no longer uses.
  void changed(RequestContext context, ObjectValue service, ObjectValue old);

  /// Gives back what a service that is gone (or was never stored) held.
  void release(RequestContext context, ObjectValue service);
}
