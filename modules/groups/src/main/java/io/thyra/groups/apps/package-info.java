/// Deployments and their like. Start reading at [io.thyra.groups.apps.AppsGroup].
@NullMarked
package io.thyra.groups.apps;

import org.jspecify.annotations.NullMarked;
