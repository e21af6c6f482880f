package io.thyra.groups;

import io.thyra.groups.core.ServiceAllocators;
import io.thyra.model.Authorizer;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What the built-in kinds need of the rest of the server.
///
/// @param components the ComponentStatus objects of the moment
/// @param authorizer asked whether a user may escalate, bind, sign and approve
/// @param features the feature gates that are on beside those that are on by default
/// @param privilegedPods whether pods may ask for privileged containers (`--allow-privileged`)
public record GroupDependencies(
    StoredObjects objects,
    ServiceAllocators allocators,
    TokenIssuer tokens,
    Reviews reviews,
    Supplier<List<ObjectValue>> components,
    boolean privilegedPods,
    Authorizer authorizer,
    EscalationCheck escalation,
    Set<String> features) {}
