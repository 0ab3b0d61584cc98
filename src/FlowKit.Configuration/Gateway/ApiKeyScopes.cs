namespace FlowKit.Configuration.Gateway;

/// <summary>The things that a key allows.</summary>
[Flags]
public enum ApiKeyScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Requests that change nothing: searching, encoding, status and pages.</summary>
    Read = 1,

    /// <summary>Requests that change what executors keep: <c>[Write]</c>, <c>/index</c>, <c>/update</c>, <c>/delete</c>.</summary>
    Write = 2,

    /// <summary>The routes below <c>/admin</c>.</summary>
    Admin = 4,
}
