/// Events of events.k8s.io, stored as core events. Start reading at [io.thyra.groups.events.EventsGroup].
@NullMarked
package io.thyra.groups.events;

import org.jspecify.annotations.NullMarked;
