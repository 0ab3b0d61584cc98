namespace FlowKit.Clip;

/// <summary>The fidelity with which a file is turned into the model's input.</summary>
public enum PreprocessingMode
{
    /// <summary>The very pixels of the reference pipeline (Pillow and torchvision): difference 0.</summary>
    Exact,

    /// <summary>Large JPEGs are decoded at reduced size, never below twice the model's input: close, and much faster.</summary>
    Fast,
}
