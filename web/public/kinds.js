/** What messages of kinds of one's own show; `PAGE_KINDS` names the module that is served in place of this one. */
export default {}
