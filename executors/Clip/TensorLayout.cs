namespace FlowKit.Executors;

/// <summary>The order of a picture tensor's axes.</summary>
public enum TensorLayout
{
    /// <summary>Height, width, channel.</summary>
    Hwc,

    /// <summary>Channel, height, width.</summary>
    Chw,
}
