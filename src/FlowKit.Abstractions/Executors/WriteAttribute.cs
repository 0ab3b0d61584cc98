namespace FlowKit;

/// <summary>
/// Marks a method that changes the executor's state: its calls go one after another in each shard, and none is tried again after a failure.
/// <c>/index</c>, <c>/update</c> and <c>/delete</c> are never tried again in any case.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WriteAttribute : Attribute;
