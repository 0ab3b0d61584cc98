namespace FlowKit.Orchestration.Export;

/// <summary>A file of an export.</summary>
/// <param name="Name">Its path from the folder.</param>
/// <param name="Text">Its contents.</param>
internal sealed record ExportedFile(string Name, string Text);
