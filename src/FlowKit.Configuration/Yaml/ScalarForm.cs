namespace FlowKit.Configuration.Yaml;

/// <summary>The origin of a scalar, which decides whether <c>2</c> is a number.</summary>
internal enum ScalarForm
{
    /// <summary>Without quotes: typed by YAML's core schema.</summary>
    Plain,

    /// <summary>Quoted, or a block: always text.</summary>
    Text,

    /// <summary>
    /// Made of variables: a number or a boolean if it looks like one, as in Jina, and the text itself where a text is wanted.
    /// </summary>
    Substituted,

    /// <summary>Set on a command line: typed like <see cref="Plain"/>, and the text that was typed where a text is wanted.</summary>
    Given,

    /// <summary>Names a variable that is not there; already reported.</summary>
    Unresolved,
}
