/// Ingresses, network policies and service addresses. Start reading at [io.thyra.groups.networking.NetworkingGroup].
@NullMarked
package io.thyra.groups.networking;

import org.jspecify.annotations.NullMarked;
