namespace FlowKit;

/// <summary>Gives an executor the name that <c>uses:</c> writes.</summary>
/// <param name="name">A unique name, such as <c>ClipImageEncoder</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExecutorAttribute(string name) : Attribute
{
    /// <summary>The name that <c>uses:</c> writes.</summary>
    public string Name { get; } = name;

    /// <summary>A sentence for <c>flowkit list</c>.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Tells whether only one instance may be open on a workspace: a replacement is loaded when the old one is closed, while requests wait.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>Says who shares its state. By default each replica has its own where it writes snapshots.</summary>
    public StateScope State { get; init; }
}
