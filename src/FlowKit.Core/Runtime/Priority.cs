namespace FlowKit.Runtime;

/// <summary>The place of a request in line; see <c>docs/overload.md</c>.</summary>
public enum Priority
{
    /// <summary>Before others that have not waited for long.</summary>
    High,

    /// <summary>The usual.</summary>
    Normal,

    /// <summary>Behind others, but never for ever.</summary>
    Low,
}
