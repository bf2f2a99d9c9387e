namespace EtcdMaint.Snapshot.Hashing;

/// <summary>
/// The CRC-32C of a text whose parts arrive from the last to the first. The CRC is linear: that of a text is the one of
/// its beginning, multiplied by x^(8 * length of the rest), plus the one of the rest.
/// </summary>
internal sealed class BackwardCrc
{
    private uint _register;
    private uint _shift = Crc32CAlgebra.One;

    /// <param name="register">The register after the part, starting from 0.</param>
    /// <param name="length">The bytes of the part.</param>
    public void Prepend(uint register, long length)
    {
        if (length == 0)
            return;
        _register ^= Crc32CAlgebra.Multiply(register, _shift);
        _shift = Crc32CAlgebra.Multiply(_shift, Crc32CAlgebra.PowerOfBytes(length));
    }

    /// <summary>Adds a text whose parts have all arrived.</summary>
    public void Prepend(BackwardCrc text)
    {
        _register ^= Crc32CAlgebra.Multiply(text._register, _shift);
        _shift = Crc32CAlgebra.Multiply(_shift, text._shift);
    }

    /// <summary>The CRC of the text with what comes before all parts.</summary>
    public uint Finish(ReadOnlySpan<byte> begin) =>
        ~(_register ^ Crc32CAlgebra.Multiply(Crc32C.Append(uint.MaxValue, begin), _shift));
}
