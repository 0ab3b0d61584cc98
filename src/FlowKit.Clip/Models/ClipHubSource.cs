namespace FlowKit.Clip.Models;

/// <summary>The place of a model's ONNX files on a hub.</summary>
/// <param name="Repo">The repository, <c>owner/name</c>.</param>
/// <param name="Layout">
/// <c>transformers</c> (onnx/text_model.onnx, onnx/vision_model.onnx), <c>immich</c> (textual/model.onnx, visual/model.onnx) or
/// <c>plain</c> (textual.onnx, visual.onnx).
/// </param>
/// <param name="Revision">A branch, tag or commit.</param>
public sealed record ClipHubSource(string Repo, string Layout = "transformers", string Revision = "main");
