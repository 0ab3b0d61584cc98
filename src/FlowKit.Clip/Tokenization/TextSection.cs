namespace FlowKit.Clip.Tokenization;

/// <summary>A section of a text.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="ContinuesWord">Indicates that it begins within a word.</param>
/// <param name="IsHtml">Indicates that an earlier section has an angle bracket, from which on entities are left to the end.</param>
internal readonly record struct TextSection(string Text, bool ContinuesWord, bool IsHtml);
