package io.thyra.aggregation;

import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;

/// A group version of an extension server, as discovery is to list it.
///
/// @param resources as aggregated discovery lists them; empty when the server did not answer
/// @param stale whether the server did not answer the last time
public record RemoteGroup(GroupVersion groupVersion, Priority priority, ListValue resources, boolean stale) {}
