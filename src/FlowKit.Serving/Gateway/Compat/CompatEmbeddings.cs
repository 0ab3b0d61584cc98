namespace FlowKit.Serving.Gateway.Compat;

/// <summary>Embeddings, and the model that made them.</summary>
/// <param name="Vectors">The embedding of each document, in order.</param>
/// <param name="Model">The model's name; the flow's own where no executor says.</param>
internal sealed record CompatEmbeddings(float[][] Vectors, string Model);
