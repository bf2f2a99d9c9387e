namespace EtcdMaint.Cmdlets;

/// <summary>A text from the pipeline, as the name of a member.</summary>
internal sealed record PipedName(string Name) : IEtcdMemberRecord
{
    public string ClusterName => "";

    public string ClusterId => "";

    public string MemberId => "";

    public string MemberName => Name;

    public EtcdMember? Member => null;
}
