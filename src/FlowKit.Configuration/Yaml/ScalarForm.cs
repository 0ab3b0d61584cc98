namespace FlowKit.Configuration.Yaml;

/// <summary>The origin of a scalar, which decides whether <c>2</c> is a number.</summary>
internal enum ScalarForm
{
    /// <summary>Without quotes: typed by YAML's core schema.</summary>
    Plain,

    /// <summary>Quoted, or a block: always text.</summary>
    Text,

    /// <summary>Made of variables: a number or a boolean if it looks like one, as in Jina; otherwise text.</summary>
    Substituted,

    /// <summary>Names a variable that is not there; already reported.</summary>
    Unresolved,
}
