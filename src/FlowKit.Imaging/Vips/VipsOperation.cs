namespace FlowKit.Imaging.Vips;

/// <summary>A libvips operation: made by nickname, given its inputs, built, asked for its output.</summary>
internal unsafe ref struct VipsOperation
{
    private nint _handle;

    internal VipsOperation(string nickname)
    {
        VipsLibrary.EnsureStarted();
        _handle = VipsNative.NewOperation(nickname);
        if (_handle == 0)
        {
            VipsNative.ClearErrors();
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"This libvips has no operation '{nickname}'.");
        }
    }

    /// <summary>Sets a bytes input; they must stay where they are until every image made from them is gone.</summary>
    internal readonly void SetBytes(string name, byte* data, nuint length)
    {
        GValue value = default;
        VipsNative.InitValue(ref value, VipsNative.BlobType());
        VipsNative.SetBlob(ref value, 0, data, length);
        VipsNative.SetProperty(_handle, name, value);
        VipsNative.UnsetValue(ref value);
    }

    /// <summary>Sets an image input.</summary>
    internal readonly void SetImage(string name, nint image)
    {
        GValue value = default;
        VipsNative.InitValue(ref value, VipsNative.ImageType());
        VipsNative.SetObject(ref value, image);
        VipsNative.SetProperty(_handle, name, value);
        VipsNative.UnsetValue(ref value);
    }

    /// <summary>Runs the operation's set-up: for a loader, reading the header.</summary>
    /// <param name="options">As on the vips command line: <c>name=value,name=value</c>.</param>
    /// <returns>Whether it succeeded.</returns>
    internal bool TryBuild(string options)
    {
        var built = VipsNative.SetOptions(_handle, options) == 0 && VipsNative.Build(ref _handle) == 0;
        if (!built)
        {
            VipsNative.ClearErrors();
        }

        return built;
    }

    /// <summary>The output image in a value that owns a reference: unset it when done.</summary>
    internal readonly GValue Output(string name, nuint type)
    {
        GValue value = default;
        VipsNative.InitValue(ref value, type);
        VipsNative.GetProperty(_handle, name, ref value);
        return value;
    }

    public void Dispose()
    {
        VipsNative.UnrefOutputs(_handle);
        VipsNative.Unref(_handle);
        _handle = 0;
    }
}
