namespace FlowKit.Configuration.Diagnostics;

/// <summary>The place where something is written, for error messages.</summary>
/// <param name="File">The file as the user named it, or <c>--set</c>.</param>
/// <param name="Line">The line, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Column">The column, from 1; 0 when the file as a whole is meant.</param>
public readonly record struct SourcePlace(string File, int Line, int Column)
{
    /// <summary>The form that editors and terminals turn into a link: <c>file:line:column</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
