namespace FlowKit.Configuration.Substitution;

/// <summary>The place where a variable's value comes from.</summary>
internal enum VariableKind
{
    /// <summary>The environment: <c>ENV.X</c>.</summary>
    Environment,

    /// <summary>The caller's context: <c>CONTEXT.x</c> or <c>x</c>.</summary>
    Context,

    /// <summary>Another key of the file: <c>root.a.b</c>.</summary>
    Key,

    /// <summary>None of them.</summary>
    Malformed,
}
